-- SPDX-License-Identifier: AGPL-3.0-or-later
-- wrk: a record of a call in each request, no two the same. In the environment: TOKEN, CONTRACT, AGENT, CALLER, DAY.
local made = 0
local token, contract, agent, caller, day = os.getenv("TOKEN"), os.getenv("CONTRACT"), os.getenv("AGENT"), os.getenv("CALLER"), os.getenv("DAY")

function request()
  made = made + 1
  local body = string.format(
    '{"source":"single","uid":"s%d","contract":"%s","agent":"%s","caller":"%s","callee":"138%08d","started_at":"%sT%02d:%02d:%02d.%03d+08:00","duration_s":30,"talk_s":10,"result":"contacted"}',
    made, contract, agent, caller, made % 100000000, day, 9 + math.floor(made / 3600000) % 9, math.floor(made / 60000) % 60,
    math.floor(made / 1000) % 60, made % 1000)
  return wrk.format("POST", "/api/calls", { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/x-ndjson" }, body)
end
