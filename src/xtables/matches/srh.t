@ip6 filter INPUT
-m srh --srh-next-hdr 6 ! --srh-segs-left-gt 3;=;OK
-m srh --srh-psid 2001:db8::/32 ! --srh-lsid ::1/128;=;OK
-m srh --srh-tag 70000;;FAIL bad-value
