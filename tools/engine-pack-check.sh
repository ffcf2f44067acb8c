#!/usr/bin/env bash
# Packs the engine, and runs its sample against the package in a folder outside the repository, as a user of the engine alone would.
# Needs the .NET SDK and curl, but no network: only the package and the SDK are restored.
#   tools/engine-pack-check.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(mktemp -d)
server=
finish() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"; }
trap finish EXIT

dotnet pack engine/src -c Release --nologo --verbosity quiet --output "$folder/feed"
version=$(basename "$folder"/feed/*.nupkg .nupkg | sed 's/^Mycelium\.GraphQL\.Engine\.//')

mkdir "$folder/sample"
cp engine/sample/Program.cs "$folder/sample"
cat >"$folder/sample/Sample.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Mycelium.GraphQL.Engine" Version="$version" />
  </ItemGroup>
</Project>
END
cat >"$folder/sample/nuget.config" <<END
<configuration>
  <packageSources>
    <clear />
    <add key="packed" value="$folder/feed" />
  </packageSources>
</configuration>
END

# A separate package folder, so that nothing comes from what the machine has restored before.
export NUGET_PACKAGES=$folder/packages
dotnet build "$folder/sample" --nologo --verbosity quiet
dotnet "$folder/sample/bin/Debug/net10.0/Sample.dll" --urls http://127.0.0.1:0 >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 100); do
  address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$folder/log" | head -1) && break
  sleep 0.1
done

# The request and the response in engine/README.md.
question=$(sed -n "s/^  -d '\(.*\)'$/\1/p" engine/README.md)
expected=$(sed -n '/^  -d /{n;p}' engine/README.md)
answer=$(curl --silent --show-error --fail "$address/graphql" -H 'Content-Type: application/json' -d "$question")
[ "$answer" = "$expected" ] || { printf 'expected %s\nfound    %s\n' "$expected" "$answer" >&2; exit 1; }
echo "Mycelium.GraphQL.Engine $version runs its sample from $folder/sample: $answer"
