@both raw PREROUTING
-p tcp -j TRACE;=;OK
