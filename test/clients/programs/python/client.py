"""Writes rows by one library, a row for each line of the input. Prints "ok", or the error, for each."""

import asyncio
import os
import sys

LIBRARY = sys.argv[1]
URL = os.environ["DATABASE_URL"]
INSERT = "INSERT INTO written VALUES ({})"


class Kept:
    """One connection, which is replaced once it has failed."""

    def __init__(self, connect):
        self.connect = connect
        self.connection = None

    def write(self, row):
        try:
            self.connection = self.connection or self.connect()
            with self.connection.cursor() as cursor:
                cursor.execute(INSERT.format(row))
        except Exception:
            if self.connection:
                self.connection.close()
            self.connection = None
            raise


def psycopg():
    import psycopg

    return Kept(lambda: psycopg.connect(URL, autocommit=True)).write


def psycopg2():
    import psycopg2

    def connect():
        connection = psycopg2.connect(URL)
        connection.autocommit = True
        return connection

    return Kept(connect).write


def run_async(insert):
    loop = asyncio.new_event_loop()
    return lambda row: loop.run_until_complete(insert(row))


def asyncpg():
    import asyncpg

    pool = None

    async def insert(row):
        nonlocal pool
        pool = pool or await asyncpg.create_pool(URL, min_size=0, connect=host_by_host)
        await pool.execute(INSERT.format(row))

    return run_async(insert)


async def host_by_host(dsn=URL, **options):
    """asyncpg alone waits for a host that does not answer, and never comes to the next."""
    import asyncpg

    failure = None
    for host, port in zip(os.environ["PGHOST"].split(","), os.environ["PGPORT"].split(",")):
        try:
            return await asyncpg.connect(dsn, host=host, port=int(port), timeout=3, **options)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.TargetServerAttributeNotMatched) as error:
            failure = error
    raise failure


def sqlalchemy():
    from sqlalchemy import create_engine, text

    engine = create_engine(URL, pool_pre_ping=True)

    def write(row):
        with engine.begin() as connection:
            connection.execute(text(INSERT.format(row)))

    return write


def sqlalchemy_asyncpg():
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine("postgresql+asyncpg://", async_creator=host_by_host, pool_pre_ping=True)

    async def insert(row):
        async with engine.begin() as connection:
            await connection.execute(text(INSERT.format(row)))

    return run_async(insert)


def django_with(settings):
    import django
    from django.conf import settings as configuration

    configuration.configure(DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **settings}})
    django.setup()
    from django.db import close_old_connections, connection

    def write(row):
        # As Django does before each request.
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute(INSERT.format(row))

    return write


def django():
    environment = os.environ
    return django_with(
        {
            "NAME": environment["PGDATABASE"],
            "USER": environment["PGUSER"],
            "PASSWORD": environment["PGPASSWORD"],
            "HOST": environment["PGHOST"],
            "PORT": environment["PGPORT"],
        }
    )


def dj_database_url():
    import dj_database_url

    return django_with(dj_database_url.parse(URL))


write = {
    "psycopg": psycopg,
    "psycopg2": psycopg2,
    "asyncpg": asyncpg,
    "sqlalchemy": sqlalchemy,
    "sqlalchemy-asyncpg": sqlalchemy_asyncpg,
    "django": django,
    "dj-database-url": dj_database_url,
}[LIBRARY]()

for line in sys.stdin:
    try:
        write(int(line))
        print("ok", flush=True)
    except Exception as error:
        print(f"{type(error).__name__}: {error}".replace("\n", " "), flush=True)
