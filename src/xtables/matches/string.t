@both filter INPUT
-m string --string "GET /" --algo kmp --from 20 --to 200;=;OK
-m string --algo bm ! --string a --icase;-m string ! --string "a" --algo bm --icase;OK
-m string --hex-string "ab|00 01|c" --algo bm;-m string --hex-string "|6162000163|" --algo bm;OK
-m string --hex-string "|6f6b|" --algo kmp;-m string --string "ok" --algo kmp;OK
-m string --hex-string "|6|" --algo kmp;;FAIL bad-value
-m string --string x;;FAIL option-missing
-m string --string x --algo regex;;FAIL kernel-refused
-m string --algo bm;;FAIL option-missing
