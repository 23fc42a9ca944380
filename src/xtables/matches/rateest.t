@both filter INPUT
-m rateest --rateest X --rateest-gt --rateest-pps 9;;FAIL kernel-refused
-m rateest --rateest X --rateest-gt --rateest-bps 9furlong;;FAIL bad-value
-m rateest --rateest X --rateest-lt --rateest-lt;;FAIL option-twice
-m rateest --rateest X --rateest-gt --rateest-bps 0x10;;FAIL kernel-refused
-m rateest --rateest X --rateest-gt --rateest-bps=9bit;;FAIL unknown-option
@both filter INPUT
-m rateest --rateest X --rateest-gt --rateest-bps nan(1);;FAIL kernel-refused
-m rateest --rateest X --rateest-gt --rateest-bps infkbit;;FAIL kernel-refused
-m rateest --rateest X --rateest-gt --rateest-bps 0x1p3bit;;FAIL kernel-refused
-m rateest --rateest X --rateest-gt --rateest-bps 1p3bit;;FAIL bad-value
