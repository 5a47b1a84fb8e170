#!/bin/bash
# Moves the writer with kubectl alone, as OpsChain's guide has it: each region is given as CLUSTER=KUBECONFIG.
#   by-hand.sh NAMESPACE FROM TO [OTHER]...
set -euo pipefail
namespace=$1 from=$2 to=$3
shift 3

of() { # REGION ARGUMENT...
  local region=$1
  shift
  "${KUBECTL:-kubectl}" --kubeconfig="${region#*=}" --namespace="$namespace" "$@"
}
follow() { # REGION
  of "$1" patch cluster "${1%%=*}" --type=merge --patch \
    "{\"spec\":{\"replica\":{\"primary\":\"${to%%=*}\",\"source\":\"${to%%=*}\",\"promotionToken\":null}}}"
}
demotion_token() {
  of "$from" get cluster "${from%%=*}" --output='jsonpath={.status.demotionToken}'
}

stale=$(demotion_token)
follow "$from"
token=$stale
while [[ -z $token || $token == "$stale" ]]; do token=$(demotion_token); done
of "$to" patch cluster "${to%%=*}" --type=merge --patch \
  "{\"spec\":{\"replica\":{\"primary\":\"${to%%=*}\",\"source\":\"${to%%=*}\",\"promotionToken\":\"$token\"}}}"
for other in "$@"; do follow "$other"; done

until [[ $(of "$to" get cluster "${to%%=*}" --output='jsonpath={.status.lastPromotionToken}') == "$token" ]]; do
  sleep 0.5
done
for region in "$from" "$to" "$@"; do
  of "$region" wait cluster "${region%%=*}" --for='jsonpath={.status.phase}=Cluster in healthy state' --timeout=120s
done
