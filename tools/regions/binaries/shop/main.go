// Shop is an application that writes and reads PostgreSQL, for tests of applications in several regions. It finds the
// database by the environment that libpq reads, and by the same with _RO for reads.
//
//	shop serve     answers HTTP
//	shop migrate   makes the tables, and notes that it has run
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A region that is gone does not answer at all.
const patience = 2 * time.Second

func main() {
	if len(os.Args) < 2 {
		log.Fatal("serve or migrate?")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	switch os.Args[1] {
	case "serve":
		serve(ctx)
	case "migrate":
		migrate(ctx)
	default:
		log.Fatalf("serve or migrate, not %q", os.Args[1])
	}
}

// pool of connections to the servers that the environment names, of which nobody is asked before it is used.
func pool(settings string) *pgxpool.Pool {
	config, err := pgxpool.ParseConfig(settings)
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = 4
	config.ConnConfig.ConnectTimeout = patience
	made, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	return made
}

func migrate(ctx context.Context) {
	writer := pool("")
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	statements := []string{
		"CREATE TABLE IF NOT EXISTS orders (client int, number int, region text, PRIMARY KEY (client, number))",
		"CREATE TABLE IF NOT EXISTS migrations (version text, at timestamptz DEFAULT now())",
	}
	for _, statement := range statements {
		if _, err := writer.Exec(ctx, statement); err != nil {
			log.Fatal(err)
		}
	}
	version := "1"
	if len(os.Args) > 2 {
		version = os.Args[2]
	}
	if _, err := writer.Exec(ctx, "INSERT INTO migrations (version) VALUES ($1)", version); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context) {
	writer := pool("")
	reader := pool(fmt.Sprintf(
		"host=%s port=%s target_session_attrs=%s",
		os.Getenv("PGHOST_RO"), os.Getenv("PGPORT_RO"), os.Getenv("PGTARGETSESSIONATTRS_RO"),
	))
	region := os.Getenv("REGION")
	http.HandleFunc("GET /healthz", func(response http.ResponseWriter, _ *http.Request) {
		if os.Getenv("BROKEN") != "" {
			response.WriteHeader(http.StatusInternalServerError)
		}
	})
	http.HandleFunc("GET /{$}", func(response http.ResponseWriter, _ *http.Request) {
		answer(response, map[string]any{"region": region, "version": os.Getenv("VERSION")}, nil)
	})
	http.HandleFunc("POST /orders/{client}/{number}", func(response http.ResponseWriter, request *http.Request) {
		err := use(request.Context(), writer, func(ctx context.Context, connection *pgxpool.Conn) error {
			_, err := connection.Exec(ctx,
				"INSERT INTO orders VALUES ($1::text::int, $2::text::int, $3)",
				request.PathValue("client"), request.PathValue("number"), region)
			return err
		})
		answer(response, map[string]any{"region": region}, err)
	})
	http.HandleFunc("GET /orders", func(response http.ResponseWriter, request *http.Request) {
		var count int
		var server string
		err := use(request.Context(), reader, func(ctx context.Context, connection *pgxpool.Conn) error {
			server = connection.Conn().PgConn().ParameterStatus("in_hot_standby")
			return connection.QueryRow(ctx, "SELECT count(*) FROM orders").Scan(&count)
		})
		answer(response, map[string]any{"region": region, "orders": count, "standby": server}, err)
	})
	server := &http.Server{Addr: ":8080"}
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = server.Shutdown(late)
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

// use does something with a connection. One that leads to a server that writes no more is not used again.
func use(ctx context.Context, pool *pgxpool.Pool, work func(context.Context, *pgxpool.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer connection.Release()
	statement, done := context.WithTimeout(ctx, patience)
	defer done()
	err = work(statement, connection)
	const readOnly = "25006"
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == readOnly {
		_ = connection.Conn().Close(ctx)
	}
	return err
}

func answer(response http.ResponseWriter, value any, err error) {
	response.Header().Set("content-type", "application/json")
	if err != nil {
		response.WriteHeader(http.StatusServiceUnavailable)
		value = map[string]any{"error": err.Error()}
	}
	_ = json.NewEncoder(response).Encode(value)
}
