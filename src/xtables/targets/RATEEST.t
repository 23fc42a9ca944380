@both filter INPUT
-j RATEEST --rateest-name web --rateest-interval 500ms --rateest-ewmalog 2s;-j RATEEST --rateest-name web --rateest-interval 500.0ms --rateest-ewmalog 2.0s;OK
-j RATEEST --rateest-name web;;FAIL bad-value
-j RATEEST --rateest-name hex --rateest-interval 0x.8s --rateest-ewmalog 0x1p1s;-j RATEEST --rateest-name hex --rateest-interval 500.0ms --rateest-ewmalog 2.0s;OK
-j RATEEST --rateest-interval 500s;;FAIL bad-value
-j RATEEST --rateest-interval 500ms --rateest-ewmalog 2s;;FAIL option-missing
