# exercise = "5d"
# tries = "brackets so deep that the compiler refuses"
# states = ["failed"]
# share = 0.0
# checks = [0]

judge = «(*190»«[*190»«]*190»«)*190»
