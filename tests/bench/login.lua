-- Log-ins: wrk -s login.lua URL -- FORM, accounts in turn.  FORM has three
-- lines: Cookie header, csrf, password (encoded).

dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")

local headers, csrf, password, i

function init(args)
	local form = lines(args[1])

	headers = {
		["Cookie"] = form[1],
		["Content-Type"] = "application/x-www-form-urlencoded"
	}
	csrf, password = form[2], form[3]
	math.randomseed(os.time() + number)
	i = math.random(1000)
end

function request()
	i = i % 1000 + 1
	return wrk.format("POST", "/login", headers, string.format(
	    "csrf=%s&account=b%04d&domain=dentsu.example&password=%s",
	    csrf, i, password))
end

function response(status, h)
	expect(status, h, 303, "/account")
end
