# The program `conch` with its page. Build: docker build -t conch .
# Run alone, it runs the models itself: docker run --rm -p 127.0.0.1:8080:8080 \
#   -v ./model_repo:/models:ro conch. With Triton: compose.yaml.

FROM rust:1-bookworm AS build
# npm has the wasm-opt that shrinks the page; the Python registry has ONNX Runtime.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends npm python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# The same steps as `make serve`. The cache keeps tools and compiled crates from one build to the
# next, so what the image needs is copied out of it.
RUN --mount=type=cache,target=/cache,sharing=locked \
    --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    export CONCH_CACHE=/cache \
 && for step in wasm-target trunk wasm-bindgen wasm-opt onnxruntime; do scripts/setup/$step.sh || exit 1; done \
 && scripts/build-page.sh \
 && CARGO_TARGET_DIR=/cache/target cargo build --locked --release -p conch-proxy --bin conch \
 && install -D -t /out/bin /cache/target/release/conch \
 && install -D -m 644 -t /out/lib /cache/onnxruntime/*/libonnxruntime.so \
 && cp -R frontend/dist /out/page && rm -f /out/page/.stamp

FROM debian:bookworm-slim
COPY --from=build /out /opt/conch
ENV PATH=/opt/conch/bin:$PATH \
    CONCH_BIND=0.0.0.0:8080 \
    CONCH_MODEL_REPO=/models \
    CONCH_PAGE_DIR=/opt/conch/page \
    CONCH_ONNXRUNTIME=/opt/conch/lib/libonnxruntime.so
# An ordinary user without a name or a home; nothing is written, so the root may be read-only.
USER 10001:10001
EXPOSE 8080
# The program asks itself: the image holds no other client.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["conch", "models", "--server", "http://127.0.0.1:8080"]
ENTRYPOINT ["conch"]
CMD ["serve"]
