print("fatesync")
