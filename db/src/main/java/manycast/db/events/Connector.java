package manycast.db.events;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Opens connections that their user keeps and closes. */
@FunctionalInterface
public interface Connector {
  Connection open() throws SQLException;

  /**
   * Opens unpooled connections that give up on a silent server after seconds.
   *
   * @param url JDBC URL
   * @param application shown to the server's operators
   */
  static Connector to(String url, String user, String password, String application) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", application);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", "10");
    return () -> DriverManager.getConnection(url, properties);
  }
}
