// These use all regions, and one of them kills one for a while: so one after the other.
import "./all-regions/handover";
import "./all-regions/opschain";
