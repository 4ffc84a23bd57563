package manycast.control.database;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import javax.sql.DataSource;
import manycast.control.settings.Settings;
import manycast.db.identity.ProcessIdentity;
import manycast.db.keys.MediaKeys;
import manycast.db.keys.SecretKey;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/**
 * The pool and JPA. Nothing here connects at start: the process starts and answers without a
 * database.
 */
@Configuration(proxyBeanMethods = false)
@EnableTransactionManagement(proxyTargetClass = true)
class DatabaseConfiguration {
  private static final int POOL = 12;

  @Bean(destroyMethod = "close")
  HikariDataSource dataSource(Settings settings) {
    var pool =
        new HikariDataSource(); // Made by this constructor it opens its first connection when first
    // asked.
    pool.setJdbcUrl(settings.database().url());
    pool.setUsername(settings.database().user());
    pool.setPassword(settings.database().password().value());
    pool.setPoolName("database");
    pool.setMaximumPoolSize(POOL);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(3_000);
    pool.setValidationTimeout(1_000);
    pool.setInitializationFailTimeout(-1);
    pool.addDataSourceProperty("ApplicationName", "manycast control plane");
    pool.addDataSourceProperty("connectTimeout", "3");
    pool.addDataSourceProperty("socketTimeout", "10");
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    return pool;
  }

  @Bean
  LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
    var factory = new UnhurriedEntityManagerFactory();
    factory.setDataSource(dataSource);
    factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
    factory.setManagedTypes(PersistenceManagedTypes.of(Entities.NAMES));
    factory.setJpaPropertyMap(
        Map.of(
            "jakarta.persistence.database-product-name", "PostgreSQL",
            "jakarta.persistence.database-major-version", "15",
            "hibernate.boot.allow_jdbc_metadata_access", "false",
            "hibernate.hbm2ddl.auto", "none",
            "hibernate.jdbc.time_zone", "UTC",
            "jakarta.persistence.validation.mode", "none"));
    return factory;
  }

  @Bean
  JpaTransactionManager transactionManager(
      @Qualifier("entityManagerFactory") EntityManagerFactory factory, DataSource dataSource) {
    var transactions = new JpaTransactionManager(factory);
    transactions.setDataSource(dataSource);
    return transactions;
  }

  @Bean
  JdbcClient jdbcClient(DataSource dataSource) {
    return JdbcClient.create(dataSource);
  }

  @Bean
  ProcessIdentity processIdentity() {
    return ProcessIdentity.generate();
  }

  @Bean
  SecretKey secretKey(Settings settings) {
    return SecretKey.parse(settings.secretKey().value());
  }

  @Bean
  MediaKeys mediaKeys(SecretKey secretKey) {
    return secretKey.mediaKeys();
  }
}
