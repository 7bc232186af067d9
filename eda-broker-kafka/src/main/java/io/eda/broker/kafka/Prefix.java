package io.eda.broker.kafka;

import java.util.List;

/**
 * What of a partition is finished and not committed.
 *
 * @param offset what is to be committed: everything before it is finished
 * @param results what is to be published with it, in the order of offsets
 */
record Prefix(long offset, List<Result> results) {}
