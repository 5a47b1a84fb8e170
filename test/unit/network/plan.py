"""Plans blocks anew, with Python's own arithmetic, from the same arguments: the other implementation in the test."""

import ipaddress
import json
import sys


def nth(parent, prefix, number):
    size = 1 << (32 - prefix)
    return ipaddress.ip_network((int(parent.network_address) + number * size, prefix))


def outer(supernet, prefix, slot):
    lower, upper = supernet.subnets(prefixlen_diff=1)
    pods, rest = nth(upper, prefix, slot).subnets(prefixlen_diff=1)
    return {
        "cidrBlock": nth(lower, prefix, slot),
        "podCidrBlock": pods,
        "serviceCidrBlock": next(rest.subnets(new_prefix=prefix + 4)),
    }


def apart(blocks):
    ordered = sorted(blocks, key=lambda block: int(block.network_address))
    return all(one.broadcast_address < other.network_address for one, other in zip(ordered, ordered[1:]))


def candidates(region, capacity, homes):
    if "slot" in region:
        return [region["slot"]]
    return range(homes[region["awsRegion"]], capacity, 64)


def plan(args, homes):
    supernet = ipaddress.ip_network(args["supernet"])
    prefix = args["regionPrefixLength"]
    capacity = 1 << (prefix - supernet.prefixlen - 1)
    reserved = [ipaddress.ip_network(block) for block in args["reserved"]]
    planned, everything = {}, []
    for name, region in args["regions"].items():
        for slot in candidates(region, capacity, homes):
            blocks = outer(supernet, prefix, slot)
            if not any(block.overlaps(other) for block in blocks.values() for other in reserved):
                break
        vpc = blocks["cidrBlock"]
        public, database, private, more = vpc.subnets(prefixlen_diff=2)
        zones = sorted(region["zones"])
        subnets = {
            tier: {zone: nth(parent, prefix + 5, ord(zone) - ord("a")) for zone in zones}
            for tier, parent in (("public", public), ("database", database), ("private", private))
        }
        inside = [block for tier in subnets.values() for block in tier.values()]
        assert apart(inside) and all(block.subnet_of(vpc) for block in inside)
        everything.extend(blocks.values())
        planned[name] = {key: str(block) for key, block in blocks.items()}
        planned[name]["zones"] = zones
        planned[name]["subnets"] = {
            tier: {zone: str(block) for zone, block in blocks.items()} for tier, blocks in subnets.items()
        }
    assert apart(everything) and all(block.subnet_of(supernet) for block in everything)
    return planned


given = json.load(sys.stdin)
json.dump([plan(args, given["homes"]) for args in given["plans"]], sys.stdout)
