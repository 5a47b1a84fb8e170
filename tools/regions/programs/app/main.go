// App answers HTTP with the name of its region and of the host that it runs on, for tests of routing.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

func main() {
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	answer := map[string]string{"region": os.Getenv("REGION"), "host": host}
	http.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) {
		response.Header().Set("content-type", "application/json")
		_ = json.NewEncoder(response).Encode(answer)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
