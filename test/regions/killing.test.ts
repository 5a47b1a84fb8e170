// These kill the last region, each for a while: so one after the other.
import "./killing/cnpg";
