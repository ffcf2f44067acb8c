#!/usr/bin/env bash
# Writes the bills of materials in CycloneDX: FOLDER/api.cdx.json for the packages of the service, FOLDER/web.cdx.json for those of its page. Needs the .NET SDK and npm.
#   tools/sbom.sh [FOLDER]      .local/sbom by default
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(realpath -m "${1:-.local/sbom}")
mkdir -p "$folder"
dotnet tool restore >/dev/null
dotnet restore src/Mycelium.GraphQL --locked-mode --nologo --verbosity quiet
dotnet tool run dotnet-CycloneDX src/Mycelium.GraphQL/Mycelium.GraphQL.csproj --disable-package-restore --output "$folder" --filename api.cdx.json --output-format Json >/dev/null
(cd web/graphiql && npm sbom --sbom-format cyclonedx --package-lock-only --omit dev) >"$folder/web.cdx.json"
printf '%s\n' "$folder/api.cdx.json" "$folder/web.cdx.json"
