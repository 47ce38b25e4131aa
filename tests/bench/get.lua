-- GET of one path: wrk -s get.lua URL -- PATH COOKIES [KEYS [DELAY-MS]]
-- COOKIES is a file with one Cookie header a line, used in turn ("-": none).
-- With KEYS a number from 1 to KEYS is put after the path.
-- With DELAY-MS each connection rests about so long before each request.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")

local list, path, keys, rest, i

function init(args)
	path = args[1]
	keys = tonumber(args[3] or "0")
	rest = tonumber(args[4] or "0")
	list = args[2] ~= "-" and lines(args[2]) or {}
	i = number * 7
	if rest > 0 then
		math.randomseed(number + 1)
		delay = function()
			return math.floor(rest * (0.5 + math.random()))
		end
	end
end

function request()
	local headers = {}
	local p = path

	i = i + 1
	if #list > 0 then
		headers["Cookie"] = list[i % #list + 1]
	end
	if keys > 0 then
		-- Anywhere: the next one is far away.
		p = p .. (i * 611953 % keys + 1)
	end
	return wrk.format("GET", p, headers)
end
