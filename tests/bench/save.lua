-- Saved changes: wrk -s save.lua URL -- SESSIONS, one thread a connection.
-- SESSIONS has a line for each thread: Cookie header, tab, csrf, tab,
-- version.  Each save changes the real name and so makes a new version.

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")

local cookie, csrf, version, headers

function init(args)
	local line = lines(args[1])[number + 1]

	cookie, csrf, version = line:match("^(.*)\t(.*)\t(.*)$")
	version = tonumber(version)
	headers = {
		["Cookie"] = cookie,
		["Content-Type"] = "application/x-www-form-urlencoded"
	}
end

function request()
	return wrk.format("POST", "/account", headers, string.format(
	    "csrf=%s&version=%d&real_name=Bench+User+%s" ..
	    "&new_password=&new_password_again=&routing=mailbox&forward_to=",
	    csrf, version, version % 2 == 0 and "Even" or "Odd"))
end

function response(status, h)
	if expect(status, h, 303, "/account?saved=1") then
		version = version + 1
	end
end
