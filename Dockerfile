# Both by tag: pin them by digest when you build (docs/deploy.md). Another RUN_IMAGE needs Node at /nodejs/bin/node.
ARG BUILD_IMAGE=node:24-trixie-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
# Your mirror, if you have one. The lock file names no registry, but has a hash of each package.
ARG NPM_CONFIG_REGISTRY=https://registry.npmjs.org/
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# The secret `ca` is a file with your company's certificates, in case TLS is inspected.
RUN --mount=type=secret,id=ca [ ! -f /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca; \
    npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json LICENSE ./
COPY src src
COPY deploy/health.js ../image/app/
# The bundle needs no packages beside it. package.json says that its files are ES modules.
RUN npm run build -- --outDir ../../image/app
COPY .ci/sbom .ci/
# A scanner finds no packages in the bundle, but reads this list.
RUN .ci/sbom && cp package.json LICENSE dist/sbom.cdx.json ../image/app/ && mkdir ../image/data

FROM ${RUN_IMAGE}
ARG VERSION=0.1.0
ARG REVISION
LABEL org.opencontainers.image.title="SecurID Desk" \
      org.opencontainers.image.description="A Slack app for the help desks of companies that use RSA SecurID" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/app /app
# The audit trail, its key and the state: the only place the app writes to.
COPY --from=build --chown=65532:65532 /image/data /var/lib/securid-desk
ENV AUDIT_FILE=/var/lib/securid-desk/audit.jsonl
WORKDIR /var/lib/securid-desk
VOLUME /var/lib/securid-desk
USER 65532:65532
EXPOSE 3000 9090
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["/nodejs/bin/node", "/app/health.js"]
# As in `npm start`. A command after the name of the image, such as `doctor`, is added here.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=8", "--no-concurrent-marking", "/app/main.js"]
