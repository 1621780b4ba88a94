# Airflow and Wirewatch in one image, from the same locked packages as a checkout.
FROM python:3.12-slim-bookworm AS packages

WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/wirewatch \
 && /opt/wirewatch/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY pipeline pipeline
COPY catalog catalog
COPY sql sql
COPY samples samples
COPY models models
RUN /opt/wirewatch/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm

ARG AIRFLOW_UID=50000
RUN useradd --uid ${AIRFLOW_UID} --gid 0 --create-home --home-dir /home/airflow airflow \
 && install -d -o airflow -g 0 -m 775 /opt/airflow /opt/airflow/logs /data
COPY --from=packages /opt/wirewatch /opt/wirewatch
COPY --chown=airflow:0 dags /opt/airflow/dags
COPY --chown=airflow:0 plugins /opt/airflow/plugins
COPY --chown=airflow:0 catalog /opt/airflow/catalog

ENV PATH=/opt/wirewatch/bin:$PATH \
    AIRFLOW_HOME=/opt/airflow \
    WIREWATCH_DATA=/data \
    WIREWATCH_CATALOG=/opt/airflow/catalog \
    PYTHONUNBUFFERED=1
WORKDIR /opt/airflow
USER airflow
VOLUME ["/data", "/opt/airflow/logs"]
EXPOSE 8080
CMD ["airflow", "api-server"]
