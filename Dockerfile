# Builds one image for the API and one for the grid stand-in: docker build --target api . / --target grid .
FROM node:22.23.5-slim AS graphiql
WORKDIR /source
COPY web/graphiql .
RUN npm ci && npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0.401 AS build
WORKDIR /source
COPY . .
# CI: exactly the packages of packages.lock.json, by the hash of their content, or none.
ENV CI=true
RUN dotnet publish src/Mycelium.GraphQL -c Release --use-current-runtime --self-contained false -o /out/api \
 && dotnet publish tools/Mycelium.GridStandIn -c Release -o /out/grid

FROM mcr.microsoft.com/dotnet/aspnet:10.0.15 AS api
WORKDIR /app
COPY --from=build /out/api .
# Served when GraphiQL__Enabled is true.
COPY --from=graphiql /source/dist ./graphiql
# The base image's own user without privileges; the application writes nothing to disk, but for the certificate of the key ring, once.
RUN mkdir /keys && chown app /keys
USER app
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_EnableDiagnostics=0
EXPOSE 8080
ENTRYPOINT ["dotnet", "Mycelium.GraphQL.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0.15 AS grid
WORKDIR /app
COPY --from=build /out/grid .
RUN mkdir /certificates && chown app /certificates
USER app
ENV DOTNET_EnableDiagnostics=0
EXPOSE 8443
ENTRYPOINT ["dotnet", "Mycelium.GridStandIn.dll"]
