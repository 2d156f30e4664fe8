-- What wrk sends: whole requests, made beforehand, from the file REQUESTS with a NUL after each.
-- ORDER=random draws among them for ever; ORDER=once sends each one time, and then it is over.
-- DELAY is how many milliseconds a connection waits before each request, if that is not none.

local threads = 0

-- Each thread has a state of its own; the number is a global one in it.
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local wait = tonumber(os.getenv("DELAY")) or 0
if wait > 0 then
  -- Whole milliseconds are all there is, so they are mixed.
  function delay()
    local whole = math.floor(wait)
    return math.random() < wait - whole and whole + 1 or whole
  end
end

local requests = {}
local last = 0

function init()
  local count = tonumber(os.getenv("THREADS"))
  local once = os.getenv("ORDER") == "once"
  local file = assert(io.open(os.getenv("REQUESTS"), "rb"))
  local at = 0
  for request in file:read("*a"):gmatch("[^%z]+") do
    if not once or at % count == number then
      requests[#requests + 1] = request
    end
    at = at + 1
  end
  file:close()
  math.randomseed(os.time() + number)
  if once then
    request = in_turn
  end
end

function request()
  return requests[math.random(#requests)]
end

function in_turn()
  last = last + 1
  if last > #requests then
    wrk.thread:stop()
    return "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
  end
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("DONE %d %d %d %d %d %d", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
