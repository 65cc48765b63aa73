# One image for every role; the role is the command: docker run tocsin poller
ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/tocsin
WORKDIR /src
# Each file is held to its hash, and only wheels are taken: nothing of a stranger is built here.
COPY requirements.txt ./
RUN /opt/tocsin/bin/pip install --require-hashes --only-binary :all: -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY worker ./worker
RUN /opt/tocsin/bin/pip install --no-deps --no-build-isolation . \
 && /opt/tocsin/bin/python -m compileall -q /opt/tocsin/lib \
 && /opt/tocsin/bin/pip uninstall -q -y setuptools pip

FROM ${PYTHON}
LABEL org.opencontainers.image.title="tocsin" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 tocsin && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent tocsin
COPY --from=build /opt/tocsin /opt/tocsin
COPY config /app/config
COPY seeds /app/seeds
WORKDIR /app
ENV PATH=/opt/tocsin/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    TOCSIN_CONFIG_DIR=/app/config \
    TOCSIN_API_HOST=0.0.0.0
USER 10001:10001
ENTRYPOINT ["tocsin"]
CMD ["--help"]
# The role that runs here is read off the first process: "sender --slow" is checked as sender-slow.
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 CMD \
  tocsin healthcheck "$(tr '\0' '\n' < /proc/1/cmdline | sed -n '3p;4s/^--/-/p' | tr -d '\n')"
