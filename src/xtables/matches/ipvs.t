@both filter INPUT
-m ipvs --ipvs;;FAIL kernel-refused
