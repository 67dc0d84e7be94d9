# A class in a container: docker build -t seqlab .   then
#   docker run -p 8501:8501 -e SEQLAB_ADDRESS=http://192.168.1.7:8501 -v seqlab:/data seqlab
# docs/deployment.md has the rest: for one person, compose, Hugging Face Spaces, without the internet.
#
# The CPU is the default; DEVICE names another build of torch, and TORCH_INDEX an index that has it if yours has not:
#   docker build --build-arg DEVICE=cu130 --build-arg TORCH_INDEX=… -t seqlab:cuda .   then   docker run --gpus all …
FROM python:3.11-slim-bookworm AS build

ARG DEVICE=cpu
ARG TORCH_INDEX=""

WORKDIR /source
COPY requirements.txt ./
# An index that has one build alone does not name it: then that one is taken, and a GPU that it cannot use is refused.
RUN python -m venv /opt/seqlab \
    && torch="$(grep '^torch==' requirements.txt)" \
    && pip="/opt/seqlab/bin/pip install --no-cache-dir ${TORCH_INDEX:+--extra-index-url $TORCH_INDEX}" \
    && { $pip "$torch+$DEVICE" || $pip "$torch"; } \
    && /opt/seqlab/bin/python -c "import sys, torch; sys.exit('$DEVICE' != 'cpu' and not torch.version.cuda)" \
    && $pip -r requirements.txt

COPY . .
RUN /opt/seqlab/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 1000 seqlab && install --directory --owner seqlab /data
COPY --from=build /opt/seqlab /opt/seqlab

ENV PATH=/opt/seqlab/bin:$PATH \
    SEQLAB_RUNS=/data/runs \
    SEQLAB_CACHE=/data/cache

USER 1000
WORKDIR /data
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["seqlab", "class", "--port", "8501"]
