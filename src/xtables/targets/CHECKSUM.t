@both mangle POSTROUTING
-p udp -j CHECKSUM --checksum-fill;=;OK
-p udp -j CHECKSUM;;FAIL option-missing
