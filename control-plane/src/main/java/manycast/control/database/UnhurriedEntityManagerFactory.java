package manycast.control.database;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/**
 * Hibernate, built beside the rest of the start. Spring would wait for it before it opens the port;
 * here the first query waits, and a process that was killed is back on its port sooner.
 */
final class UnhurriedEntityManagerFactory extends LocalContainerEntityManagerFactoryBean {
  private static final long serialVersionUID = 1L;

  UnhurriedEntityManagerFactory() {
    setBootstrapExecutor(new SimpleAsyncTaskExecutor("hibernate-start"));
  }

  @Override
  public void afterSingletonsInstantiated() {
    // Nothing waits here.
  }
}
