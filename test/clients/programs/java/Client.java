import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Writes rows by one library, a row for each line of the input. Prints "ok", or the error, for each. */
public class Client {
  interface Writer {
    void write(String row) throws SQLException;
  }

  private static final String url = System.getenv("DATABASE_URL");
  private static final String user = System.getenv("PGUSER");
  private static final String password = System.getenv("PGPASSWORD");
  private static Connection kept;

  public static void main(String[] args) throws Exception {
    Writer writer = args[0].equals("hikari") ? hikari() : Client::write;
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      try {
        writer.write(line);
        System.out.println("ok");
      } catch (SQLException error) {
        System.out.println(error.toString().replace("\n", " "));
      }
    }
    System.exit(0);
  }

  private static Writer hikari() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setInitializationFailTimeout(-1);
    HikariDataSource pool = new HikariDataSource(config);
    return row -> {
      try (Connection connection = pool.getConnection()) {
        insert(connection, row);
      }
    };
  }

  private static void write(String row) throws SQLException {
    try {
      kept = kept == null ? DriverManager.getConnection(url, user, password) : kept;
      insert(kept, row);
    } catch (SQLException error) {
      if (kept != null) kept.close();
      kept = null;
      throw error;
    }
  }

  private static void insert(Connection connection, String row) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("INSERT INTO written VALUES (" + row + ")");
    }
  }
}
