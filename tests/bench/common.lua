-- What all wrk scripts here share: the lines of a file as data, a count of
-- the answers that were not the expected ones, and one line of figures.

local threads = {}

function setup(thread)
	thread:set("number", #threads)
	table.insert(threads, thread)
end

function lines(path)
	local list = {}

	for line in io.lines(path) do
		table.insert(list, line)
	end
	return list
end

bad = 0
first_bad = ""

function expect(status, headers, want, location)
	if status == want and (location == nil or
	    headers["Location"] == location) then
		return true
	end
	bad = bad + 1
	if first_bad == "" then
		first_bad = status .. " " .. tostring(headers["Location"])
	end
	return false
end

function done(summary, latency, requests)
	local e = summary.errors
	local wrong, example = 0, ""

	for _, t in ipairs(threads) do
		wrong = wrong + t:get("bad")
		if example == "" then
			example = t:get("first_bad")
		end
	end
	io.write(string.format('BENCH {"requests":%d,"us":%d,"bytes":%d,' ..
	    '"errors":%d,"wrong":%d,"example":"%s","p50":%d,"p99":%d,' ..
	    '"max":%d}\n', summary.requests, summary.duration,
	    summary.bytes, e.connect + e.read + e.write + e.status +
	    e.timeout, wrong, example, latency:percentile(50),
	    latency:percentile(99), latency.max))
end
