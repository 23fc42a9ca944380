@ip filter INPUT
-p tcp -m osf --genre Linux --log 1;=;OK
-m osf --genre Linux;;FAIL kernel-refused
-p tcp -m osf --genre Linux --ttl 9;;FAIL bad-value
