@both filter FORWARD
-m physdev --physdev-in eth0 --physdev-out eth1;=;OK
-m physdev --physdev-is-bridged;=;OK
-m physdev ! --physdev-in veth+;=;OK
-m physdev;;FAIL option-missing
