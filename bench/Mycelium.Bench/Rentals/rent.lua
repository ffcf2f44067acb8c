-- wrk's script: each request rents one slice, for the next account, of the next node, under a key of its own.
--   wrk … -- tokens nodes in_a_row prefix     (two files of lines; rentals in a row of one node; what keys of this run begin with)
local query = [[mutation Rent($input: RentSlicesInput!) { rentSlices(input: $input) { __typename ... on SlicesRented { rental { id paid endsAt } } ... on Problem { code message } } }]]
-- Its private half was thrown away.
local ssh_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx9dcVVXTyE4j7Sg3rUFvbIWnE2LckTZP5A7QkWJ1bM bench"
local before_node = '{"query":"' .. query .. '","variables":{"input":{"quantity":1,"term":{"hours":1},"sshPublicKey":"' .. ssh_key .. '","sliceCombinationId":"'
local before_token = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
local tokens, nodes, count, in_a_row, prefix = {}, {}, 0, 1, ""

function init(args)
  for line in io.lines(args[1]) do tokens[#tokens + 1] = line end
  for line in io.lines(args[2]) do nodes[#nodes + 1] = line end
  in_a_row, prefix = tonumber(args[3]), args[4]
end

function request()
  local token, node = tokens[count % #tokens + 1], nodes[math.floor(count / in_a_row) % #nodes + 1]
  count = count + 1
  local body = before_node .. node .. '","idempotencyKey":"' .. prefix .. string.format("%010d", count) .. '"}}}'
  return before_token .. token .. "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("\nRENTED %d %d %d %.3f %.3f\n",
    summary.requests, failed, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
