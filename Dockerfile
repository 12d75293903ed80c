# Glassbox in a small image: docker build -t glassbox . && docker run --rm -p 8000:8000 glassbox
# It runs as nobody in particular, writes to /data alone, and so may have a read-only root:
#   docker run --rm -p 8000:8000 --read-only --cap-drop ALL -v glassbox:/data glassbox

FROM python:3.13-slim AS packages
RUN python -m venv /opt/glassbox
COPY requirements.lock .
RUN /opt/glassbox/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Glassbox" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin glassbox \
    && install --directory --owner=glassbox --group=glassbox /data
COPY --from=packages /opt/glassbox /opt/glassbox
WORKDIR /srv/glassbox
COPY LICENSE ./
COPY app app
COPY static static
COPY templates templates
RUN /opt/glassbox/bin/python -m compileall -q app
ENV PATH=/opt/glassbox/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GLASSBOX_HOST=0.0.0.0 \
    GLASSBOX_PORT=8000 \
    GLASSBOX_STORE=sqlite:/data/glassbox.db \
    SQLITE_TMPDIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
# Alive, not ready: a store that is away for a moment is no reason to start the container anew.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['GLASSBOX_PORT']}/healthz\", timeout=4)"]
CMD ["python", "-m", "app"]
