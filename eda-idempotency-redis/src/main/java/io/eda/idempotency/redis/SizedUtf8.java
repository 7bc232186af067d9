package io.eda.idempotency.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.StringCodec;
import io.netty.buffer.ByteBufUtil;

/** UTF-8 that knows its size before it is written, where lettuce's own guesses and takes a buffer for each argument to measure. */
final class SizedUtf8 extends StringCodec {

    static final SizedUtf8 CODEC = new SizedUtf8();

    private SizedUtf8() {
        super(UTF_8);
    }

    @Override
    public int estimateSize(Object text) {
        return text instanceof String string ? ByteBufUtil.utf8Bytes(string) : 0;
    }

    @Override
    public boolean isEstimateExact() {
        return true;
    }
}
