// These kill the last region, each for a while, and use all: so one after the other.
import "./killing/clusters";
import "./killing/cnpg";
