# Polyphase in a container: docs/installing.md. What runs is the package, with its dependencies as package-lock.json has them.
ARG NODE=node:26-slim

FROM $NODE AS build
WORKDIR /src
COPY . .
RUN npm ci && node bin/package.mjs /tmp && npm prune --omit=dev && mv node_modules dist/package/

FROM $NODE
COPY --from=build /src/dist/package /opt/polyphase
RUN ln -s /opt/polyphase/bin/polyphase.mjs /usr/local/bin/polyphase \
  && mkdir /var/lib/polyphase \
  && chown node:node /var/lib/polyphase
USER node
WORKDIR /var/lib/polyphase
# site.yaml, its users and all that its meters keep.
VOLUME /var/lib/polyphase
# The page and the HTTP API; Modbus TCP, RTU over TCP. Inside a container a site that others reach says host: 0.0.0.0.
EXPOSE 8080 1502 1503
ENV POLYPHASE_HEALTH=http://127.0.0.1:8080/health
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(process.env.POLYPHASE_HEALTH).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["polyphase"]
CMD ["up", "site.yaml"]
