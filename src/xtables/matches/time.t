@both filter INPUT
-m time --timestart 08:00 --timestop 17:30 --weekdays Mon,Tue,5;-m time --timestart 08:00:00 --timestop 17:30:00 --weekdays Mon,Tue,Fri --datestop 2038-01-19T03:14:07;OK
-m time --datestart 2024 --datestop 2025-06;-m time --datestart 2024-01-01T00:00:00 --datestop 2025-06-01T00:00:00;OK
-m time ! --monthdays 1,31 --kerneltz;-m time --monthdays 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30 --datestop 2038-01-19T03:14:07 --kerneltz;OK
-m time --timestart 25:00;;FAIL bad-value
-m time --weekdays Sunnyday;-m time --weekdays Sun --datestop 2038-01-19T03:14:07;OK
-m time --weekdays Xyz;;FAIL bad-value
-m time --weekdays 0;;FAIL bad-value
-m time --utc --kerneltz;;FAIL options-clash
-m time --datestart 1969-01-01;;FAIL bad-value
