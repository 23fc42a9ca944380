@both filter FORWARD
-m devgroup --src-group 4 ! --dst-group 0x10/0xf0;-m devgroup --src-group 0x4 ! --dst-group 0x10/0xf0;OK
-m devgroup --src-group default;=;OK
-m devgroup;;FAIL option-missing
@both filter INPUT
-m devgroup --dst-group 1;;FAIL kernel-refused
