# exercise = "5d"
# tries = "an exception whose metaclass answers for its ancestors"
# states = ["failed"]
# share = 0.0
# checks = [0]

class Meta(type):
    @property
    def __mro__(cls):
        raise Evil

    @property
    def __name__(cls):
        return ["fine"]


class Evil(Exception, metaclass=Meta):
    pass


def judge(calls):
    raise Evil
