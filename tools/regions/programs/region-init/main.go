// Region-init is the first process of a region: it runs what a machine's init would run, and what ends is started
// again. Whoever kills it ends the whole region at once, since the kernel ends a PID namespace with its first process.
//
//	region-init FOLDER
//
// FOLDER/components.json names the components: [{"name": "etcd", "command": ["/path/etcd", "--flag"]}]. Each writes
// to FOLDER/log/NAME.log.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

type component struct {
	Name    string   `json:"name"`
	Command []string `json:"command"`
}

const pauseBeforeRestart = time.Second

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: region-init FOLDER")
	}
	folder := os.Args[1]
	components, err := read(filepath.Join(folder, "components.json"))
	if err != nil {
		log.Fatal(err)
	}

	running := map[int]component{}
	start := func(one component) {
		pid, err := one.start(filepath.Join(folder, "log"))
		if err != nil {
			log.Fatalf("%s cannot be started: %v", one.Name, err)
		}
		running[pid] = one
	}
	for _, one := range components {
		start(one)
	}
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		// A process that lost its parent is ours as well, and is none of the components.
		if one, ours := running[pid]; ours {
			delete(running, pid)
			fmt.Printf("%s %s ended: %v\n", time.Now().UTC().Format(time.RFC3339), one.Name, status)
			time.Sleep(pauseBeforeRestart)
			start(one)
		}
	}
}

func read(file string) ([]component, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var components []component
	return components, json.Unmarshal(text, &components)
}

func (one component) start(folder string) (int, error) {
	file, err := os.OpenFile(filepath.Join(folder, one.Name+".log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return syscall.ForkExec(one.Command[0], one.Command, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{os.Stdin.Fd(), file.Fd(), file.Fd()},
		Sys:   &syscall.SysProcAttr{Setsid: true},
	})
}
