// Writes rows by one library, a row for each line of the input. Prints "ok", or the error, for each.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/lib/pq"
)

func main() {
	write, err := open(os.Args[1], os.Getenv("DATABASE_URL"))
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		failure := err
		if failure == nil {
			failure = write(fmt.Sprintf("INSERT INTO written VALUES (%s)", lines.Text()))
		}
		if failure == nil {
			fmt.Println("ok")
		} else {
			fmt.Println(strings.ReplaceAll(failure.Error(), "\n", " "))
		}
	}
}

func open(library, url string) (func(string) error, error) {
	if library == "pgxpool" {
		pool, err := pgxpool.New(context.Background(), url)
		return func(statement string) error {
			_, failure := pool.Exec(context.Background(), statement)
			return failure
		}, err
	}
	driver := map[string]string{"pgx": "pgx", "lib/pq": "postgres"}[library]
	database, err := sql.Open(driver, url)
	return func(statement string) error {
		_, failure := database.Exec(statement)
		return failure
	}, err
}
