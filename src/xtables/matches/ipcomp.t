@both filter INPUT
-p ipcomp -m ipcomp --ipcompspi 3:5;=;OK
-p ipcomp -m ipcomp --compres;-p ipcomp -m ipcomp --ipcompspi 0 --compres;OK
-m ipcomp --ipcompspi 1;;FAIL kernel-refused
