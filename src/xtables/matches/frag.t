@ip6 filter INPUT
-m frag --fragid 7 --fragfirst;=;OK
-m frag ! --fragid 7:9 --fraglast;=;OK
-m frag --fragmore --fraglast;;FAIL options-clash
-m frag --fragfirst=--fraglast;;FAIL unknown-option
