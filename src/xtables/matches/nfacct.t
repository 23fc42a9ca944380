@both filter INPUT
-m nfacct --nfacct-name web;;FAIL kernel-refused
-m nfacct;;FAIL option-missing
