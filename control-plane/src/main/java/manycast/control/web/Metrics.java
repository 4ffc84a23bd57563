package manycast.control.web;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import manycast.control.database.DatabaseWatch;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The meters of this process; those of requests are {@link RequestMetrics}. */
@Configuration(proxyBeanMethods = false)
class Metrics {
  @Bean(destroyMethod = "close")
  PrometheusMeterRegistry meters(DatabaseWatch database, HikariDataSource pool) {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    List.of(
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ClassLoaderMetrics(),
            new ProcessorMetrics(),
            new UptimeMetrics())
        .forEach(meter -> meter.bindTo(meters));
    Gauge.builder("manycast.database.ready", database, watch -> watch.isReady() ? 1 : 0)
        .description("1 while the database is there and fits")
        .register(meters);
    Gauge.builder("manycast.database.connections.active", pool, Metrics::active)
        .description("connections of the pool that are in use")
        .register(meters);
    return meters;
  }

  private static double active(HikariDataSource pool) {
    HikariPoolMXBean state = pool.getHikariPoolMXBean();
    return state == null ? 0 : state.getActiveConnections();
  }
}
