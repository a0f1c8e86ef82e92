# docker build -t percenty-batch .
#
# BASE may be any Debian 12 or newer, also a bare one made by debootstrap; what it lacks is added.
# Where the network has a certificate authority or a package index of its own, mount them for the
# build only; nothing of them stays in the image:
#   --secret id=ca_bundle,src=/etc/ssl/certs/ca-certificates.crt --secret id=pip_conf,src=/etc/pip.conf
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS python
RUN command -v python3 >/dev/null || { \
      apt-get update \
      && apt-get install --yes --no-install-recommends python3 \
      && apt-get clean && rm -rf /var/lib/apt/lists/*; }

FROM python AS builder
RUN python3 -c 'import ensurepip' 2>/dev/null || { \
      apt-get update && apt-get install --yes --no-install-recommends python3-venv; }
WORKDIR /source
COPY . .
# pip brings its own list of authorities, so it is told of the distribution's (or the mounted one).
RUN --mount=type=secret,id=ca_bundle,target=/etc/ssl/certs/ca-certificates.crt \
    --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    bundle=/etc/ssl/certs/ca-certificates.crt; [ ! -s "$bundle" ] || export PIP_CERT="$bundle"; \
    python3 -m venv /opt/percenty \
    && /opt/percenty/bin/pip wheel --no-cache-dir --no-deps --wheel-dir /wheel . \
    && /opt/percenty/bin/pip install --no-cache-dir "$(echo /wheel/*.whl)[postgres]" \
    && /opt/percenty/bin/pip uninstall --yes pip setuptools

FROM python
# libatomic1 is for the Node.js inside Playwright, which a slim base cannot start without it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
         ca-certificates chromium-headless-shell fonts-nanum libatomic1 tini tzdata \
    && apt-get clean && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /tmp percenty \
    && install --directory --owner=percenty --group=percenty /logs /state
COPY --from=builder /opt/percenty /opt/percenty
# HOME is /tmp: beside the volumes the one folder that must be writable under a read-only root.
ENV PATH=/opt/percenty/bin:$PATH \
    HOME=/tmp \
    LANG=C.UTF-8 \
    TZ=Asia/Seoul \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PERCENTY_LOGS__FOLDER=/logs \
    PERCENTY_STATE__FOLDER=/state
VOLUME ["/logs", "/state"]
WORKDIR /logs
# By number, so that Kubernetes' runAsNonRoot can see that it is not root.
USER 10001:10001
# tini reaps the browsers' orphans and passes signals to us alone (no -g: a SIGTERM that also hit
# the Playwright driver would take the browser away before the reports are written).
ENTRYPOINT ["tini", "--", "percenty-batch"]
CMD ["--help"]
