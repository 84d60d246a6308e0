# kontrak in a container: no root, Node.js and the program of the HTML report inside.
#
#   docker build -t kontrak .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" -e IAK_USERNAME -e IAK_API_KEY \
#     kontrak run -p iak --target my.toml
#
# /work is the folder one stands in: the target file and waivers.toml are read there, and reports/ and
# a live target's ledger/ are written there. Without a volume at /work both go with the container.

FROM python:3.12-slim AS wheel
WORKDIR /source
COPY . .
RUN pip wheel --quiet --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.12-slim
COPY --from=wheel /wheel /wheel
RUN pip install --quiet --no-cache-dir "$(echo /wheel/kontrak-*.whl)[report]" \
 && rm -rf /wheel \
 && useradd --create-home --uid 1000 kontrak \
 && mkdir -p /work /opt/kontrak \
 && chown kontrak /work /opt/kontrak

# Filled here and readable for every user, so that no run needs a registry or a home of its own.
ENV XDG_CACHE_HOME=/opt/kontrak
USER kontrak
RUN python -c "from kontrak.reporting.html import install, node; \
install.allure_program(node.find_node(), tell=print)" \
 && chmod -R a+rX /opt/kontrak

WORKDIR /work
ENTRYPOINT ["kontrak"]
CMD ["run"]
