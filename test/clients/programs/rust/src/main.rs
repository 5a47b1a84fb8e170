//! Writes rows by one library, a row for each line of the input. Prints "ok", or the error, for each.

use std::{env, error::Error, fs, time::Duration};

use native_tls::{Certificate, TlsConnector};
use postgres_native_tls::MakeTlsConnector;
use sqlx::postgres::PgPool;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::time::timeout;

type Failure = Box<dyn Error>;

enum Library {
    Sqlx(PgPool),
    TokioPostgres(Option<tokio_postgres::Client>),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let url = env::var("DATABASE_URL")?;
    let mut library = if env::args().nth(1).as_deref() == Some("sqlx") {
        Library::Sqlx(PgPool::connect_lazy(&url)?)
    } else {
        Library::TokioPostgres(None)
    };
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(row) = lines.next_line().await? {
        let insert = format!("INSERT INTO written VALUES ({row})");
        match write(&mut library, &url, &insert).await {
            Ok(()) => println!("ok"),
            Err(error) => println!("{}", error.to_string().replace('\n', " ")),
        }
    }
    Ok(())
}

async fn write(library: &mut Library, url: &str, insert: &str) -> Result<(), Failure> {
    match library {
        Library::Sqlx(pool) => {
            sqlx::query(insert).execute(&*pool).await?;
        }
        Library::TokioPostgres(kept) => {
            let client = match kept.take().filter(|client| !client.is_closed()) {
                Some(client) => client,
                None => connect(url).await?,
            };
            client.batch_execute(insert).await?;
            *kept = Some(client);
        }
    }
    Ok(())
}

async fn connect(url: &str) -> Result<tokio_postgres::Client, Failure> {
    let ca = Certificate::from_pem(&fs::read(env::var("PGSSLROOTCERT")?)?)?;
    let tls = TlsConnector::builder().add_root_certificate(ca).disable_built_in_roots(true).build()?;
    let mut failure: Failure = "there is no host".into();
    // tokio-postgres alone waits for a host that does not answer, and never comes to the next.
    let hosts = url.split(['@', '/']).nth(3).unwrap_or_default();
    for host in hosts.split(',') {
        let one = url.replacen(hosts, host, 1);
        let connecting = tokio_postgres::connect(&one, MakeTlsConnector::new(tls.clone()));
        match timeout(Duration::from_secs(3), connecting).await {
            Ok(Ok((client, connection))) => {
                tokio::spawn(connection);
                return Ok(client);
            }
            Ok(Err(error)) => failure = error.into(),
            Err(elapsed) => failure = elapsed.into(),
        }
    }
    Err(failure)
}
