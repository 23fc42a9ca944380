@both filter INPUT
-m helper --helper tftp;=;OK
-m helper ! --helper "ftp-2121";-m helper ! --helper ftp-2121;OK
-m helper;;FAIL option-missing
