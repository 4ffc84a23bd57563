package manycast.control.samples;

/**
 * From where on a sample of the ingest is worth a look by itself. The figures are those of whoever
 * reasons about samples.
 *
 * @param silentMs so long without media
 * @param frameRateShare less of the broadcast's usual frame rate than this
 * @param framesMissed so many frames missing since the sample before
 * @param jitterMs more than this, and than {@code jitterTimes} the broadcast's usual jitter
 * @param loopBusy so much of a processor, and {@code memoryShare} of the bound of media bytes
 */
public record Odd(
    long silentMs,
    double frameRateShare,
    int framesMissed,
    double jitterMs,
    double jitterTimes,
    double loopBusy,
    double memoryShare) {}
